package dev.rung.cli.doctor;

import dev.rung.core.port.CheckResult;
import java.util.List;

/** Checks one thing that a server needs. Changes nothing that remains. */
interface Check {
    List<CheckResult> run();
}
