"""Accounts: opened, read, changed, closed."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from mockserver.creation import Wish
from mockserver.faces.admin.desk import Answer, Desk, done, paging, show_page, text_in
from mockserver.model import Account, Call, Reply


async def open_account(desk: Desk, call: Call) -> Reply:
    account = await desk.control.open_account(msgspec.convert(call.body, Wish))
    return Reply(201, show(account, desk, call))


async def list_accounts(desk: Desk, call: Call) -> Reply:
    page = await desk.control.accounts(vendor=text_in(call, "vendor"), **paging(call))
    items = [show(msgspec.json.decode(bytes(text), type=Account), desk, call) for text in page.items]
    return show_page(replace(page, items=items))


async def read_account(desk: Desk, call: Call) -> Reply:
    return Reply(200, show(await desk.control.account(**call.params), desk, call))


async def change_account(desk: Desk, call: Call) -> Reply:
    return Reply(200, show(await desk.control.change_account(**call.params, patch=call.fields), desk, call))


async def close_account(desk: Desk, call: Call) -> Reply:
    await desk.control.close_account(**call.params)
    return done()


def show(account: Account, desk: Desk, call: Call) -> dict[str, Any]:
    shown = {"vendor": account.vendor, "name": account.name, "url": f"{desk.address(call)}/{account.vendor}"}
    money = {} if account.credits is None else {"credits": account.credits}
    return {**shown, "credentials": account.credentials, **money, "book": account.book, "options": account.options}


ANSWERS: Mapping[str, Answer] = {
    "listAccounts": list_accounts,
    "openAccount": open_account,
    "readAccount": read_account,
    "changeAccount": change_account,
    "closeAccount": close_account,
}
