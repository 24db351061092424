"""What the builders themselves say: compose, bake, BuildKit or the legacy builder."""
