"""The backend: hands what the page asks for to the API."""

from flask import Flask, jsonify, request

from app.core.pypnm_client import PyPNMClient

app = Flask(__name__)
client = PyPNMClient("http://pypnm:8000")


@app.post("/api/capture")
def capture():
    asked = request.get_json()
    return jsonify(client.start_capture(asked["mac"], asked["tftp"]))


@app.get("/health")
def health():
    return jsonify(status="ok")
