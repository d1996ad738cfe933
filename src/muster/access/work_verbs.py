"""The verbs of work, disclosure, learning and the plan, with what is known about each. Imports stay light."""

from muster.access.verb import Facts, Standing, Target, Verb

WORK_VERBS: dict[Verb, Facts] = {
    Verb.TASK: Facts("Give a task to one owner.", Standing.RESPONDER, Target.INCIDENT),
    Verb.TAKE: Facts("Take up a task that was given to you.", Standing.SIGNED_IN, Target.INCIDENT),
    Verb.HAND_OVER: Facts("Hand a task over.", Standing.SIGNED_IN, Target.INCIDENT),
    Verb.CHECK_BACK: Facts("Say how a task stands.", Standing.SIGNED_IN, Target.INCIDENT),
    Verb.DONE: Facts("End a task as done.", Standing.SIGNED_IN, Target.INCIDENT),
    Verb.DROP: Facts("End a task that will not be done.", Standing.SIGNED_IN, Target.INCIDENT),
    Verb.ASK_DECISION: Facts("Ask for a decision.", Standing.RESPONDER, Target.INCIDENT),
    Verb.DECIDE: Facts("Write down a decision, with its reason.", Standing.SIGNED_IN, Target.INCIDENT),
    Verb.WITHDRAW_DECISION: Facts(
        "Take back a decision that was asked for.", Standing.RESPONDER, Target.INCIDENT
    ),
    Verb.CORRECT: Facts("Correct the words of a task or decision.", Standing.RESPONDER, Target.INCIDENT),
    Verb.EVIDENCE: Facts("Take in evidence by its hash.", Standing.RESPONDER, Target.INCIDENT),
    Verb.PASS_ON: Facts("Offer evidence to somebody else.", Standing.SIGNED_IN, Target.INCIDENT),
    Verb.RECEIVE: Facts("Accept evidence that was offered to you.", Standing.SIGNED_IN, Target.INCIDENT),
    Verb.VERIFY_EVIDENCE: Facts("Compute the hash of evidence anew.", Standing.RESPONDER, Target.INCIDENT),
    Verb.ACCESS: Facts("Note that you looked into evidence.", Standing.RESPONDER, Target.INCIDENT),
    Verb.MILESTONE: Facts("Claim a milestone, with what shows it.", Standing.RESPONDER, Target.INCIDENT),
    Verb.REVOKE_MILESTONE: Facts("Take back a claimed milestone.", Standing.RESPONDER, Target.INCIDENT),
    Verb.SEEN_AGAIN: Facts("Note that the attacker was seen again.", Standing.RESPONDER, Target.INCIDENT),
    Verb.LOST: Facts("Note that a service does not work.", Standing.RESPONDER, Target.INCIDENT),
    Verb.RESTORED: Facts("Note that a service works again.", Standing.RESPONDER, Target.INCIDENT),
    Verb.POSTURE: Facts("Set how we act towards the attacker.", Standing.COMMAND, Target.INCIDENT),
    Verb.PROPOSE: Facts("Propose to do something to a system.", Standing.RESPONDER, Target.INCIDENT),
    Verb.CHANGE_ACTION: Facts(
        "Change a proposed action; its approval is void.", Standing.RESPONDER, Target.INCIDENT
    ),
    Verb.APPROVE: Facts("Approve an action exactly as it stands.", Standing.SIGNED_IN, Target.INCIDENT),
    Verb.WITHDRAW_ACTION: Facts("Take back a proposed action.", Standing.RESPONDER, Target.INCIDENT),
    Verb.START_ACTION: Facts("Begin an action as it was approved.", Standing.RESPONDER, Target.INCIDENT),
    Verb.ACTION_DONE: Facts("Say whether an action worked.", Standing.RESPONDER, Target.INCIDENT),
    Verb.VERIFY_ACTION: Facts("Say that you looked and it worked.", Standing.RESPONDER, Target.INCIDENT),
    Verb.END_ACTION: Facts("End an action as undone or permanent.", Standing.RESPONDER, Target.INCIDENT),
    Verb.RUN: Facts("Begin to follow a playbook.", Standing.RESPONDER, Target.INCIDENT),
    Verb.TICK: Facts("Let happen in a run what is due.", Standing.RESPONDER, Target.INCIDENT),
    Verb.TAKE_STEP: Facts("Say that you are at a step.", Standing.SIGNED_IN, Target.INCIDENT),
    Verb.FINISH_STEP: Facts("Say that a step is done.", Standing.SIGNED_IN, Target.INCIDENT),
    Verb.FAIL_STEP: Facts("Say that a step did not work.", Standing.SIGNED_IN, Target.INCIDENT),
    Verb.AGREE: Facts("Agree at a gate that it goes on, or say no.", Standing.SIGNED_IN, Target.INCIDENT),
    Verb.SKIP_STEP: Facts("Leave the plan at a step, with a reason.", Standing.SIGNED_IN, Target.INCIDENT),
    Verb.UNDO_STEP: Facts("Say that what a step did was undone.", Standing.RESPONDER, Target.INCIDENT),
    Verb.STOP_RUN: Facts("Stop following a playbook.", Standing.COMMAND, Target.INCIDENT),
    Verb.ANSWER_FACT: Facts(
        "Answer a question of the plan, with its source.", Standing.RESPONDER, Target.INCIDENT
    ),
    Verb.SCOPE: Facts(
        "Declare whether an obligation is for us in this incident.", Standing.COMMAND, Target.INCIDENT
    ),
    Verb.ANCHOR: Facts(
        "Record what starts a legal clock, and since when.", Standing.RESPONDER, Target.INCIDENT
    ),
    Verb.WITHDRAW_ANCHOR: Facts("Take back what started a legal clock.", Standing.COMMAND, Target.INCIDENT),
    Verb.FILE_NOTICE: Facts(
        "Record that a notice was filed, with its receipt.", Standing.RESPONDER, Target.INCIDENT
    ),
    Verb.HOLD_BACK: Facts(
        "Hold a notice back until a time, as asked for.", Standing.COMMAND, Target.INCIDENT
    ),
    Verb.DRAFT_STATEMENT: Facts(
        "Draft a statement from confirmed facts, and check it.", Standing.RESPONDER, Target.INCIDENT
    ),
    Verb.APPROVE_STATEMENT: Facts(
        "Approve the words of a statement that somebody else drafted.", Standing.RESPONDER, Target.INCIDENT
    ),
    Verb.SEND_STATEMENT: Facts("Send an approved statement.", Standing.COMMAND, Target.INCIDENT),
    Verb.SCHEDULE_REVIEW: Facts(
        "Schedule the review of an incident, or set another time.", Standing.RESPONDER, Target.INCIDENT
    ),
    Verb.HOLD_REVIEW: Facts(
        "Record that the review was held, and with whom.", Standing.RESPONDER, Target.INCIDENT
    ),
    Verb.CAUSE: Facts(
        "Add a cause with its evidence; a person is none.", Standing.RESPONDER, Target.INCIDENT
    ),
    Verb.WITHDRAW_CAUSE: Facts("Take a cause back.", Standing.RESPONDER, Target.INCIDENT),
    Verb.NO_CAUSES: Facts("Say why nobody looks for the causes.", Standing.COMMAND, Target.INCIDENT),
    Verb.LESSON: Facts("Note a lesson: what must change.", Standing.RESPONDER, Target.INCIDENT),
    Verb.NO_LESSON: Facts(
        "Say why this incident changes nothing in the plan.", Standing.COMMAND, Target.INCIDENT
    ),
    Verb.AGREE_LESSON: Facts("Agree on a lesson: by whom, until when.", Standing.RESPONDER, Target.PLAN),
    Verb.WRITE_CHANGE: Facts("Write a lesson as changed lines of the plan.", Standing.RESPONDER, Target.PLAN),
    Verb.APPROVE_CHANGE: Facts("Approve the changed lines of a lesson.", Standing.RESPONDER, Target.PLAN),
    Verb.MARK_TESTED: Facts("Mark changed lines as exercised by a drill.", Standing.RESPONDER, Target.PLAN),
    Verb.DROP_LESSON: Facts("Leave a lesson as it is, with the reason.", Standing.RESPONDER, Target.PLAN),
    Verb.APPROVE_PLAN: Facts(
        "Approve a version of the plan: it is in force from now on.", Standing.RESPONDER, Target.PLAN
    ),
    Verb.REPIN: Facts(
        "Put an incident under the plan in force, with the reason.", Standing.COMMAND, Target.INCIDENT
    ),
    Verb.TIE: Facts("Tie an account to a person of the plan.", Standing.ADMINISTRATOR, Target.ACCOUNTS),
}
