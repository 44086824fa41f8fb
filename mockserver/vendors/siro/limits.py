"""How often a token may call Siro."""

from mockserver.model import Account, Call, Facts, Kind, Problem, Rate, keeps, rule
from mockserver.vendors.siro.storage import BUCKET

MINUTE = 60.0


@keeps("minute-begins-with-a-request")
def allowance(call: Call, account: Account) -> Rate | None:
    """Return what is allowed where the account's switch counts; at the storage nobody shows a token."""
    calls = account.options["requests_a_minute"]
    return Rate(calls, MINUTE) if calls and not call.path.startswith(f"{BUCKET}/") else None


@rule("thousand-requests-a-minute")
def token_calls_not_too_often(facts: Facts) -> Problem | None:
    rate = allowance(facts.call, facts.account) if facts.before else None
    if rate is None or facts.before < rate.calls:
        return None
    return Problem(Kind.TOO_MANY, f"this token has made {facts.before} requests within a minute")
