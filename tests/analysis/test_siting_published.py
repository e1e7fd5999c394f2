import json

import numpy as np
import pytest
from scipy.sparse.csgraph import shortest_path

from gisapp.analysis.siting import maximal_coverage, p_median

pytestmark = pytest.mark.shared_data


def network(folder, number):
    """All-pairs shortest paths of an OR-Library file; where an edge repeats the last value holds."""
    words = (folder / "reference" / "location" / f"pmed{number}.txt").read_text().split()
    nodes, edges = int(words[0]), int(words[1])
    length = np.zeros((nodes, nodes))
    for i, j, cost in np.array(words[3 : 3 + 3 * edges], dtype=int).reshape(-1, 3):
        length[i - 1, j - 1] = length[j - 1, i - 1] = cost
    return shortest_path(length, directed=False)


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_or_library_p_medians_reach_their_optimum(shared_data, number):
    answer = json.loads((shared_data / "reference" / "location" / "answers.json").read_text())["pmed"][str(number)]
    distance = network(shared_data, number)
    plan = p_median(np.ones(len(distance)), distance, sites=answer["p"])
    assert (plan.objective, plan.bound, plan.gap, plan.status) == (answer["optimum"], answer["optimum"], 0, "optimal")
    assert len(plan.selected) == answer["p"]


def test_the_same_question_gives_the_same_plan(shared_data):
    distance = network(shared_data, 2)
    first, second = (maximal_coverage(np.ones(100), distance <= 60, sites=6) for _ in range(2))
    assert first.selected == second.selected
    assert first.assigned.tolist() == second.assigned.tolist()
