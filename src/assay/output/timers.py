"""What makes a machine call `assay digest`: a crontab line, systemd units, a workflow.

No daemon: each calls the same command once an hour, and the command finds out by itself
what is due. crontab(5), systemd.service(5), systemd.timer(5) and GitHub's workflow
syntax as of 2026 say how words are quoted.
"""

import hashlib
import shlex
from collections.abc import Sequence

HOURLY = "23 * * * *"
"""When cron and GitHub call it: not on the hour, when everybody calls."""
LATE = "10min"
"""Most that systemd puts a call off, so that machines do not call all at once."""
SECRETS = ("NCBI_API_KEY", "OPENALEX_API_KEY", "ASSAY_EMAIL", "ASSAY_SMTP_PASSWORD",
           "ASSAY_WEBHOOK", "ASSAY_SLACK_WEBHOOK")  # fmt: skip
"""What a workflow takes from the repository's secrets, where they are set."""


def mark_of(workspace: str) -> tuple[str, str]:
    """Return the lines that a crontab holds around ours.

    >>> mark_of("/home/a/w")[0]
    '# assay digest of /home/a/w (begin)'
    """
    name = f"# assay digest of {workspace}"
    return f"{name} (begin)", f"{name} (end)"


def render_cron(command: Sequence[str], workspace: str) -> str:
    """Return the lines for a crontab; a per cent sign ends a command there.

    >>> print(render_cron(["assay", "digest", "50%"], "/w"), end="")
    # assay digest of /w (begin)
    23 * * * * assay digest 50\\%
    # assay digest of /w (end)
    """
    begin, end = mark_of(workspace)
    line = shlex.join(command).replace("%", "\\%")
    return f"{begin}\n{HOURLY} {line}\n{end}\n"


def put_cron(table: str, lines: str, workspace: str) -> str:
    """Return a crontab with our lines in it, in the place of those it had before.

    >>> put_cron("1 2 * * * x\\n", "# b\\n", "/w")
    '1 2 * * * x\\n# b\\n'
    """
    begin, end = mark_of(workspace)
    kept, ours = [], False
    for line in table.splitlines():
        ours = ours or line == begin
        if not ours:
            kept.append(line)
        ours = ours and line != end
    return "".join(f"{line}\n" for line in kept) + lines


def unit_of(workspace: str) -> str:
    """Return the name of a workspace's systemd units, without an ending.

    >>> unit_of("/w")
    'assay-digest-d1bb8ca3'
    """
    digest = hashlib.sha256(workspace.encode("utf-8", "surrogateescape")).hexdigest()
    return f"assay-digest-{digest[:8]}"


def render_systemd(command: Sequence[str], workspace: str) -> dict[str, str]:
    """Return the service and the timer, by the name of the file.

    >>> units = render_systemd(["assay", "digest"], "/w")
    >>> units["assay-digest-d1bb8ca3.service"].splitlines()[-1]
    'ExecStart="assay" "digest"'
    """
    name = unit_of(workspace)
    words = " ".join(_unit_word(word) for word in command)
    about = f"Description=assay digest of {_plain(workspace)}"
    return {
        f"{name}.service": f"[Unit]\n{about}\nWants=network-online.target\n"
        f"After=network-online.target\n\n[Service]\nType=oneshot\nExecStart={words}\n",
        f"{name}.timer": f"[Unit]\n{about}, every hour\n\n[Timer]\nOnCalendar=hourly\n"
        f"RandomizedDelaySec={LATE}\nPersistent=true\n\n[Install]\n"
        "WantedBy=timers.target\n",
    }


def _unit_word(word: str) -> str:
    """Return a word as ExecStart takes it: quoted, specifiers and variables inert."""
    for sign, instead in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("$", "$$")):
        word = word.replace(sign, instead)
    return f'"{word}"'


def _plain(text: str) -> str:
    return text.replace("%", "%%")


def render_github(words: Sequence[str]) -> str:
    """Return a workflow that keeps the state and the digests on a branch of their own.

    `words` are those after `assay`, e.g. ["digest", "kratom-sleep"].

    >>> "cron: '23 * * * *'" in render_github(["digest"])
    True
    """
    secrets = "\n".join(f"      {n}: ${{{{ secrets.{n} }}}}" for n in SECRETS)
    command = shlex.join(["assay", "--workspace", ".", *words])
    return f"""\
# A digest by GitHub Actions. What was sent is remembered on the branch assay-digest:
# do not delete it, or everything is sent again. Passwords and keys come from the
# repository's secrets, never from a file.
name: assay digest
on:
  schedule:
    - cron: '{HOURLY}'
  workflow_dispatch:
permissions:
  contents: write
concurrency:
  group: assay-digest
  cancel-in-progress: false
jobs:
  digest:
    runs-on: ubuntu-latest
    env:
      # Where assay is installed from: this repository, or a wheel or address of yours.
      ASSAY_FROM: .
{secrets}
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
      - uses: actions/setup-python@v5
        with:
          python-version: '3.12'
      - run: pip install "$ASSAY_FROM"
      - name: Take what was remembered
        run: |
          if git fetch origin assay-digest; then
            git worktree add ../kept assay-digest
            mkdir -p cache && cp -R ../kept/cache ../kept/digests . 2>/dev/null || true
          else
            git worktree add --orphan -b assay-digest ../kept
          fi
      - name: Make the digest
        id: digest
        continue-on-error: true
        run: {command}
      - name: Remember what was sent
        run: |
          rm -rf ../kept/cache
          mkdir -p ../kept/cache digests
          cp -R cache/state.db* cache/library ../kept/cache/
          rm -rf ../kept/cache/library/index
          cp -R digests ../kept/
          cd ../kept
          git config user.name 'assay digest'
          git config user.email 'assay-digest@users.noreply.github.com'
          git add -A
          git diff --cached --quiet || git commit -m 'What was sent'
          git push origin assay-digest
      - name: Say it where it failed
        if: steps.digest.outcome == 'failure'
        run: exit 1
"""
