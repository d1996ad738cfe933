"""The web: API, pages, drawings. It reaches what is kept only through `app`."""
