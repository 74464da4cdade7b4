package dev.rung.bench;

import java.util.List;

/** One thing that is measured. */
interface Scenario {
    String name();

    /** What is measured and how, in a sentence. */
    String what();

    /** Measures it once. Called several times; the medians are reported. */
    List<Figure> run(Bench bench) throws Exception;

    /**
     * One number.
     *
     * @param unit {@code /s}, {@code ms}, {@code s}, {@code MB}, {@code ×}
     */
    record Figure(String name, double value, String unit) {}
}
