"""Talks to the API that runs a measurement on a cable modem."""

import requests


class PyPNMClient:
    """One API, one modem at a time."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    def start_capture(self, mac: str, tftp_ipv4: str, tftp_ipv6: str | None = None) -> dict:
        payload = {
            "cable_modem": {"mac_address": mac},
            "tftp": {
                "ipv4": tftp_ipv4,
                "ipv6": tftp_ipv6 if tftp_ipv6 else "",
            },
        }
        reply = requests.post(f"{self.base_url}/capture", json=payload, timeout=30)
        reply.raise_for_status()
        return reply.json()
