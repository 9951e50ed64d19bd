"""A tiny web service with the mistakes that a code scanner finds."""
import subprocess
import sys

import yaml


def archive(name: str) -> int:
    return subprocess.call("tar czf /backups/" + name + ".tgz /data", shell=True)


def load(path: str) -> object:
    with open(path) as stream:
        return yaml.load(stream)


if __name__ == "__main__":
    archive(sys.argv[1])
