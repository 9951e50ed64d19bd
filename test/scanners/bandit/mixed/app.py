import pickle
import subprocess

größe = "né𝒳"; subprocess.call(größe + " x", shell=True)


def connect(password="not-a-real-one"):
    assert password
    return eval(
        password
    )


pickle.loads(b"")  # nosec
