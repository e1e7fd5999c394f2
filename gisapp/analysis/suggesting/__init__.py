"""From needs to suggestions: kinds, candidates, costs, ranks, reasons and plans."""
