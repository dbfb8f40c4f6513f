"""How long a verdict takes from Python: 1000 results of small cases, right ones and wrong ones.

    python3 -m venv v && v/bin/pip install python/dist/*.whl && v/bin/python bench/python_judge.py
"""
import os
import time

import goldspike

CASES = goldspike.cases(group="smoke")
CALLS = 1000


def seconds(results):
    """Of CALLS verdicts, one case after the other."""
    start = time.perf_counter()
    for call in range(CALLS):
        case, result = results[call % len(results)]
        goldspike.judge(case, result)
    return time.perf_counter() - start


right = [(case, goldspike.solve(case)) for case in CASES]
wrong = [(case, goldspike.solve(case)) for case in CASES]
for _, result in wrong:
    result["gradients"]["projections"][0]["weight"] *= 1.1
seconds(right[:1])  # compiled by then
print(f"{CALLS} right results: {seconds(right):.2f} s")
print(f"{CALLS} wrong results: {seconds(wrong):.2f} s")
print(f"load average {os.getloadavg()[0]:.2f}")
