package dev.rung.cli.doctor;

import java.util.List;

/** Looks at one thing that a server needs. It changes nothing that outlasts it. */
interface Check {
    List<CheckResult> look();
}
