"""A verb with verbs below it, told in whole sentences."""

import click

WHOLE = 1000


class Group(click.Group):
    """Wraps what its verbs do where the library cuts it short: half a sentence seldom says to what it is done."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        known = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        with formatter.section("Commands"):
            formatter.write_dl([(name, verb.get_short_help_str(WHOLE)) for name, verb in known if verb])
