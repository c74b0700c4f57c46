import subprocess
import sys


def loaded_after(statement: str) -> set[str]:
    code = f"{statement}\nimport sys; print(*sorted({{m.split('.')[0] for m in sys.modules}}))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_package_is_cheap_until_an_estimator_is_touched() -> None:
    assert "torch" not in loaded_after(
        "import anomaly.detector, anomaly.detector.reading, anomaly.detector.scoring"
    )
    assert "torch" in loaded_after("from anomaly.detector import VAEDetector")


def test_detector_knows_nothing_of_the_site() -> None:
    loaded = loaded_after(
        "import anomaly.detector.detector, anomaly.detector.summary, anomaly.detector.report\n"
        "import anomaly.detector.__main__"
    )
    assert not loaded & {"django", "celery"}
