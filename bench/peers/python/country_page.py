"""A country with its neighbors and the rates of their currencies, from the rows of Atlas' services."""

import os

UPSTREAM = os.environ["UPSTREAM"]


def country_url(code):
    return f"{UPSTREAM}/countries-api/countries?cca2={code}"


def neighbor_url(code3):
    return f"{UPSTREAM}/countries-api/countries?cca3={code3}"


RATES_URL = f"{UPSTREAM}/rates-api/latest"


def result(country, neighbors, latest):
    table = {**latest["rates"], latest["base"]: 1}
    page = {**country_part(country, table), "borders": [country_part(row, table) for row in neighbors]}
    return {"data": {"country": page}}


def country_part(row, table):
    return {
        "name": row["name"]["common"],
        "flag": row["flag"],
        "currencies": [{"code": code, "rate": rate(table, code, "EUR")} for code in row["currencies"]],
    }


def rate(table, source, target):
    if source not in table or target not in table:
        return None
    return float(f"{table[target] / table[source]:.10g}")
