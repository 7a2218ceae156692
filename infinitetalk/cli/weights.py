"""`weights check`: what model files are, from their headers."""

import argparse
import json

from infinitetalk.cli import exits
from infinitetalk.weights.check import check as check_files
from infinitetalk.weights.report import report_json, report_lines


def check(args: argparse.Namespace) -> int:
    reports = check_files(args.paths)
    if args.json:
        print(json.dumps(report_json(reports), ensure_ascii=False, indent=1))
    else:
        print("\n".join(report_lines(reports)))
    return exits.OK if all(report.usable for report in reports) else exits.WEIGHTS
