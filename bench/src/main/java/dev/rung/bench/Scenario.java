package dev.rung.bench;

import java.util.List;

/** A measurement. */
interface Scenario {
    String name();

    /** What is measured and how, in one sentence. */
    String what();

    /** Measures once. It is called several times; the medians are reported. */
    List<Figure> run(Bench bench) throws Exception;

    /**
     * A measured value.
     *
     * @param unit {@code /s}, {@code ms}, {@code s}, {@code MB}, {@code ×}; empty for a count
     */
    record Figure(String name, double value, String unit) {}
}
