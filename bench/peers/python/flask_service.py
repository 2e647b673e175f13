"""Flask with sequential calls and a thread per request, as in most services."""

import httpx
from flask import Flask, jsonify, request

import country_page
from posts_page import EACH, UPSTREAM, result, user_ids, user_url, users_url

app = Flask(__name__)
client = httpx.Client(limits=httpx.Limits(max_connections=64, max_keepalive_connections=64))


@app.post("/graphql")
def graphql():
    request.get_json()
    posts = client.get(f"{UPSTREAM}/posts").json()
    ids = user_ids(posts)
    if EACH:
        users = [client.get(user_url(id)).json() for id in ids]
    else:
        users = client.get(users_url(ids)).json()
    return jsonify(result(posts, users))


@app.post("/country")
def country():
    request.get_json()
    [row] = client.get(country_page.country_url("DE")).json()
    neighbors = [client.get(country_page.neighbor_url(code)).json()[0] for code in row["borders"]]
    latest = client.get(country_page.RATES_URL).json()
    return jsonify(country_page.result(row, neighbors, latest))
