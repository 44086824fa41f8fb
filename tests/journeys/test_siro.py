"""Siro as a client meets it: make a token, store audio, create the recording, poll it, read it back on both hosts."""

import wave
from io import BytesIO

import httpx
import pytest

from tests.journeys.conftest import Travel
from tests.journeys.siro import CALL, ORGANIZATION, Client

EDITION = "siro@2026-08"
USERS = [
    {"id": "dana", "email": "dana@example.com", "phoneNumber": "+15550101", "firstName": "Dana", "lastName": "Reyes"},
    {"id": "lee", "email": "lee@example.com", "firstName": "Lee", "lastName": "Park", "externalId": "005LEE"},
]


@pytest.fixture(params=["siro", EDITION])
def client(request: pytest.FixtureRequest, travel: Travel) -> Client:
    return Client(travel(request.param, book={"users": USERS}))


def code_of(answer: httpx.Response) -> str:
    """Return the code of an error of Google's storage."""
    assert answer.headers["content-type"].startswith("application/xml")
    return answer.text.partition("<Code>")[2].partition("</Code>")[0]


def test_audio_is_stored_and_becomes_a_recording_that_is_read_back(client: Client) -> None:
    client.token = client.mint("dana")["accessToken"]
    mock = client.traveller.mock
    mock.put("/_mock/clock", json={"frozen": True}).raise_for_status()
    try:
        ident = client.upload(
            title="Kitchen remodel",
            dateCreated="2025-11-07T05:31:56Z",
            integrationConnectionId="conn_demo",
            crmObjects=[{"objectType": "Opportunity", "objectId": "opp_demo"}],
        )
        seen = [client.states(ident)]
        for seconds in (2, 6, 2, 5):
            client.traveller.advance(seconds)
            seen.append(client.states(ident))
        assert seen == [
            ("UPLOADED", "in-progress", "processing"),
            ("TRANSCRIBING", "in-progress", "processing"),
            ("REDACTING", "in-progress", "processing"),
            ("COMPLETE", "in-progress", "processing"),
            ("COMPLETE", "complete", "done"),
        ]
    finally:
        mock.put("/_mock/clock", json={"frozen": False}).raise_for_status()
    whole = client.get(f"/recordings/{ident}", showSummary="true", showCrmOpportunities="true").json()["data"]
    sent = {"title": "Kitchen remodel", "dateCreated": "2025-11-07T05:31:56Z", "userId": "dana", "deleted": False}
    assert whole.items() >= sent.items()
    assert 2_500 < whole["durationInMilliseconds"] < 2_700
    assert [each["opportunityExternalId"] for each in whole["crmOpportunities"]] == ["opp_demo"]
    sections = client.get(f"/recordings/{ident}/summary").json()["data"]
    assert whole["summary"] == "\n\n".join(each["promptResponse"] for each in sections)
    said = client.get(f"/recordings/{ident}/utterances").json()["data"]
    assert said["speakerMap"]["1"] == "Dana Reyes"
    assert said["utterances"][0]["startTimeInMillis"] == 0
    outside = client.ask(f"/recordings/{ident}", showCrmLinks="true", showSummary="true").json()
    assert outside["crm"]["opportunity"]["externalId"] == "opp_demo"
    assert [each["content"] for each in outside["summary"]] == [each["promptResponse"] for each in sections]
    assert outside["summary"] == client.ask(f"/recordings/{ident}/summaries").json()
    assert (outside["isProcessingDone"], outside["createdAt"]) == (True, "2025-11-07T05:31:56Z")


def test_the_storage_takes_what_was_signed_and_nothing_else(client: Client) -> None:
    signed = client.sign()
    for headers in ({"Content-Type": "audio/wav"}, {"x-goog-content-length-range": "0,999999"}):
        answer = client.store({**signed, "uploadHeaders": {**signed["uploadHeaders"], **headers}})
        assert (answer.status_code, code_of(answer)) == (403, "SignatureDoesNotMatch")
    answer = client.http.put(signed["downloadUrl"], headers=signed["uploadHeaders"], content=CALL)
    assert (answer.status_code, code_of(answer)) == (403, "AccessDenied")
    another = client.sign()["uploadUrl"].partition("?")[2]
    for url in (signed["uploadUrl"][:-1], f"{signed['downloadUrl']}?{another}"):
        answer = client.store({**signed, "uploadUrl": url})
        assert (answer.status_code, code_of(answer)) == (403, "SignatureDoesNotMatch")
    answer = client.store(signed, CALL + b"more")
    assert (answer.status_code, code_of(answer)) == (400, "EntityTooLarge")
    assert client.store(signed).status_code == 200
    client.traveller.advance(15 * 60)
    answer = client.store(signed)
    assert (answer.status_code, code_of(answer)) == (400, "ExpiredToken")
    assert client.traveller.advice(client.create(signed["downloadUrl"])) == []


def test_a_recording_without_audio_fails_later(client: Client, travel: Travel) -> None:
    signed = client.sign()
    unstored = client.create(signed["downloadUrl"])
    unissued = client.create("https://storage.example.com/call.mp3")
    stranger = Client(travel(client.traveller.account["vendor"]))
    foreign = stranger.sign()
    assert stranger.store(foreign).status_code == 200
    another = client.create(foreign["downloadUrl"])
    for answer in (unstored, unissued, another):
        assert client.traveller.advice(answer) == ["unissued-media-url-is-taken"]
        client.traveller.until_idle()
        assert client.states(answer.json()["data"][client.key]) == ("ERROR", "error", "processing")
        found = client.get(f"/recordings/{answer.json()['data'][client.key]}", showSummary="true").json()["data"]
        assert found["summary"] is None


def test_what_a_tester_describes_is_as_good_as_stored(client: Client) -> None:
    client.traveller.lay(url="https://files.example/visit", type="audio/mpeg", duration=61.5)
    client.traveller.lay(prefix="https://files.example/gone/", failure="missing")
    known, gone = (client.create(f"https://files.example/{path}") for path in ("visit?token=1", "gone/visit"))
    client.traveller.until_idle()
    idents = [answer.json()["data"][client.key] for answer in (known, gone)]
    assert [client.states(ident)[1] for ident in idents] == ["complete", "error"]
    assert client.get(f"/recordings/{idents[0]}").json()["data"]["durationInMilliseconds"] == 61_500


def test_where_storage_is_wanted_nothing_else_is_taken(travel: Travel) -> None:
    client = Client(travel("siro", book={"users": USERS}, options={"strict_media_url": True}))
    signed = client.sign()
    assert client.create(signed["downloadUrl"]).status_code == 400
    assert client.create("https://storage.example.com/call.mp3").status_code == 400
    client.upload()


def test_tokens_have_a_scope_an_owner_and_an_end(client: Client) -> None:
    app = {"appName": "Phones", "owner": "lee", "organizationId": "org_demo"}
    made = client.http.post(f"{ORGANIZATION}/oauth/apps", headers=client.organization, json=app)
    assert made.status_code == 201
    path = f"{ORGANIZATION}/oauth/apps/{made.json()['clientID']}"
    body = {"clientSecret": made.json()["clientSecret"], "userId": "lee", "scope": "read"}
    wrong = client.http.post(f"{path}/access-token", headers=client.organization, json={**body, "clientSecret": "x"})
    assert (wrong.status_code, wrong.json()) == (401, {"error": "clientSecret is not that of this OAuth app"})
    token = client.http.post(f"{path}/access-token", headers=client.organization, json=body).json()
    client.token = token["accessToken"]
    assert client.get("/recordings").status_code == 200
    refused = client.http.post("/v1/core/recordings/signed-urls", headers=client.own, json={})
    assert (refused.status_code, refused.json()) == (403, {"error": "a token of scope read may not POST"})
    assert (
        client.http.get(f"{ORGANIZATION}/users", headers={"Authorization": f"Bearer {client.token}"}).status_code == 401
    )
    listed = client.http.get(f"{path}/access-token", headers=client.organization, params={"owner": "lee"}).json()
    assert [(each["accessTokenId"], each["scope"]) for each in listed["data"]] == [(token["accessTokenId"], "read")]
    client.traveller.advance(16 * 3600)
    late = client.get(f"/recordings/{token['accessTokenId']}")
    assert (late.status_code, late.json()) == (401, {"error": "this credential has expired"})
    assert late.headers["x-mock-refused-by"] == "auth/tokens-last-16-hours"


def test_a_revoked_token_opens_nothing_nor_does_one_whose_app_is_gone(client: Client) -> None:
    first, second = client.mint("dana"), client.mint("lee")
    credentials = client.traveller.credentials
    app = f"{ORGANIZATION}/oauth/apps/{credentials['client_id']}"
    body = {"clientSecret": credentials["client_secret"], "userId": "dana"}
    path = f"{app}/access-token/{first['accessTokenId']}"
    revoked = client.http.request("DELETE", path, headers=client.organization, json=body)
    assert revoked.json() == {"tokenId": first["accessTokenId"]}
    assert client.http.get(path, headers=client.organization).json()["data"]["revokedAt"]
    client.token = first["accessToken"]
    assert client.get("/recordings").status_code == 401
    client.token = second["accessToken"]
    assert client.get("/recordings").status_code == 200
    assert client.http.delete(app, headers=client.organization).json() == {"clientId": credentials["client_id"]}
    assert client.get("/recordings").status_code == 401


def test_lists_are_walked_to_their_ends(client: Client) -> None:
    titles = [f"visit {number}" for number in range(5)]
    for number, title in enumerate(titles):
        client.create("https://media.example/audio.mp3", title=title, dateCreated=f"2025-01-0{9 - number}T00:00:00Z")
    newest_first = titles[::-1]
    assert [*client.pages("/recordings", limit=2)] == [newest_first[:2], newest_first[2:4], newest_first[4:]]
    assert [*client.pages("/recordings", pageSize=2)] == [newest_first[:2], newest_first[2:4], newest_first[4:]]
    by_date = [*client.pages("/recordings", limit=3, orderBy="dateCreated", orderDirection="desc")]
    assert by_date == [titles[:3], titles[3:]]
    late = client.get("/recordings", **{"dateCreated:gt": "2025-01-07T00:00:00Z"}).json()["data"]
    assert [each["title"] for each in late] == ["visit 1", "visit 0"]
    assert client.get("/recordings", limit=101).text == "limit must be at most 100, not 101"
    assert client.get("/recordings", cursor="nowhere").status_code == 400


def test_a_recording_is_linked_and_the_organization_learns_of_it(client: Client) -> None:
    ident = client.upload(userId="lee")
    client.traveller.until_idle()
    before = client.ask(f"/recordings/{ident}", showCrmLinks="true").json()
    assert before["crm"] is None
    client.traveller.advance(60)
    body = {"dataType": "ACCOUNT", "externalId": "acc_demo", "integrationConnectionId": "conn_demo"}
    linked = client.http.put(f"/v1/core/recordings/{ident}/link", headers=client.own, json=body)
    assert linked.json()["data"]["name"] == "Example Ltd"
    changed = client.ask("/recordings", **{"updatedAt:gt": before["updatedAt"], "showCrmLinks": "true"}).json()["data"]
    assert [each["id"] for each in changed] == [ident]
    assert changed[0]["crm"]["account"] == {"id": linked.json()["data"]["id"], "externalId": "acc_demo"}
    assert changed[0]["crm"]["users"] == [{"id": "lee", "externalId": "005LEE"}]
    for removed in (True, False):
        answer = client.http.request("DELETE", f"/v1/core/recordings/{ident}/link", headers=client.own, json=body)
        assert answer.json() == {"data": removed}
    assert client.get("/recordings", crmLinkStatus="unlinked").json()["data"][0]["id"] == ident


def test_a_recording_is_its_users_to_delete_and_stays_marked(client: Client) -> None:
    ident = client.upload(title="Attic")
    client.token = client.mint("lee")["accessToken"]
    path = f"/v1/core/recordings/{ident}"
    assert client.http.delete(path, headers=client.own).status_code == 403
    client.token = client.mint("dana")["accessToken"]
    assert client.http.delete(path, headers=client.own).json() is None
    assert client.http.delete(path, headers=client.own).status_code == 404
    assert client.get(f"/recordings/{ident}/utterances").status_code == 404
    assert client.get("/recordings").json()["data"] == []
    assert client.get(f"/recordings/{ident}").json()["data"]["deleted"] is True
    kept = client.ask("/recordings").json()["data"]
    assert [(each["title"], each["deleted"]) for each in kept] == [("Attic", True)]


def test_nobody_sees_what_is_another_accounts(client: Client, travel: Travel) -> None:
    ident = client.upload()
    stranger = Client(travel(client.traveller.account["vendor"], book={"users": USERS}))
    for answer in (stranger.get(f"/recordings/{ident}"), stranger.ask(f"/recordings/{ident}")):
        assert (answer.status_code, answer.json()) == (404, {"error": "there is no such recording"})
    assert stranger.get("/recordings").json()["data"] == []
    app = client.traveller.credentials["client_id"]
    assert stranger.ask(f"/oauth/apps/{app}").status_code == 404


def test_the_redacted_audio_is_heard_for_a_while(client: Client) -> None:
    ident = client.upload()
    path = f"/v1/core/recordings/{ident}/signedUrl"
    assert client.http.post(path, headers=client.own).json()["data"]["error"] is True
    client.traveller.until_idle()
    url = client.http.post(path, headers=client.own).json()["data"]["url"]
    with wave.open(BytesIO(client.http.get(url).content)) as heard:
        assert heard.getnframes() == heard.getframerate()
    client.traveller.advance(15 * 60)
    assert code_of(client.http.get(url)) == "ExpiredToken"


def test_the_organization_tells_who_and_what_there_is(client: Client) -> None:
    identity = client.ask("/auth/caller-identity").json()
    assert (identity["organizationId"], identity["createdBy"]) == ("org_demo", "dana")
    (connection,) = client.ask("/integrations/connections", integrationPlatform="SALESFORCE").json()["data"]
    assert client.ask(f"/integrations/connections/{connection['id']}").json() == connection
    users = client.ask("/users").json()["data"]
    assert [each["id"] for each in users] == ["dana", "lee"]
    assert client.ask("/users/lee").json() == users[1]
    (organization,) = client.ask("/organizations").json()["data"]
    assert client.ask(f"/organizations/{organization['id']}").json() == organization
    configurations = client.get("/conversation-configurations", organizationId="org_demo").json()["data"]
    ident = client.upload(conversationType=configurations[1]["conversationType"])
    named = client.get("/recordings", conversationType=configurations[1]["displayName"]).json()["data"]
    assert [each["id"] for each in named] == [ident]
