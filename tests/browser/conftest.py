"""A real server on loopback and a real Chromium; without one, these tests are skipped by name."""

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from muster.app.caller import Caller
from muster.app.settings import Settings
from muster.core.people import SERVER, Actor, Duty, Through
from muster.web.app import create
from muster.wiring import build
from tests.web.pages.conftest import PASSWORD, Clock, House, first_link

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Told by the browser itself, before any page runs; the policy does not reach it.
LISTEN = "document.addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective))"


@dataclass
class Server:
    """The address of a running server, and its house."""

    address: str
    house: House


@dataclass
class Window:
    """A page of the browser, and everything that it complained about."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list[str])

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def failed(self, url: str, why: str) -> None:
        """A request that failed; one that was broken off by going on to another page did not."""
        if "ERR_ABORTED" not in why:
            self.complaints.append(f"{url}: {why}")

    def sign_in(self, name: str) -> None:
        self.open("/sign-in")
        self.page.fill("#sign-in-sign_in", name)
        self.page.fill("#sign-in-password", PASSWORD)
        self.page.click("main button")
        self.page.wait_for_url(self.address + "/")


Opens = Callable[..., Window]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a worker."""
    if CHROMIUM is None:
        pytest.skip("browser: needs chromium on the PATH")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with an administrator (boss), two responders (anna, ben), in a folder of its own."""
    folder: Path = tmp_path_factory.mktemp("server")
    clock = Clock()
    muster = build(Settings(data=folder / "data", detector=False), clock=clock, state_root=folder / "state")
    house = House(muster, clock)
    muster.sign_in.use_link(
        first_link(muster),
        Caller(Actor(SERVER, through=Through.WEB)),
        password=PASSWORD,
        name="The Boss",
        sign_in="boss",
    )
    anybody = Caller(Actor("0" * 32, frozenset({Duty.ADMINISTRATOR}), Through.WEB))
    house.accounts["boss"] = muster.reading.accounts(anybody)[0].account
    house.person("anna", "responder")
    house.person("ben", "responder")
    running = uvicorn.Server(
        uvicorn.Config(create(muster), host="127.0.0.1", port=0, log_level="error", ws="none", lifespan="off")
    )
    thread = threading.Thread(target=running.run)
    thread.start()
    waiting = threading.Event()
    while not running.started:
        assert thread.is_alive()
        waiting.wait(0.05)
    port = running.servers[0].sockets[0].getsockname()[1]
    yield Server(f"http://localhost:{port}", house)
    running.should_exit = True
    thread.join()
    muster.record.ledger.database.close()


@pytest.fixture
def opens(chromium: Browser, server: Server) -> Iterator[Opens]:
    """A function that opens a window: its width, light or dark, with JavaScript or without."""
    made: list[tuple[BrowserContext, Window]] = []

    def opened(width: int = 1280, scheme: str = "light", *, script: bool = True) -> Window:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=script,
        )
        window = Window(context.new_page(), server.address)
        window.page.on("console", lambda message: window.complaints.append(message.text))
        window.page.on("pageerror", lambda error: window.complaints.append(str(error)))
        window.page.on("requestfailed", lambda request: window.failed(request.url, request.failure or ""))
        if script:
            context.add_init_script(LISTEN)
        made.append((context, window))
        return window

    yield opened
    for context, _window in made:
        context.close()
