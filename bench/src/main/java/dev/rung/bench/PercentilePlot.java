package dev.rung.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Draws distributions of times as SVG: the share of samples on the horizontal axis, stretched towards its end, and milliseconds on a logarithmic vertical
 * axis. One line is one run.
 */
final class PercentilePlot {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 400;
    private static final int LEFT = 64;
    private static final int RIGHT = 24;
    private static final int TOP = 48;
    private static final int BOTTOM = 56;
    private static final double[] SHARES = {0, 0.5, 0.9, 0.99, 0.999, 0.9999};
    private static final int POINTS = 200;
    private static final double MILLIS_MIN = 0.01;

    private final StringBuilder svg = new StringBuilder();
    private final int decadeFrom;
    private final int decadeTo;

    private PercentilePlot(double min, double max) {
        decadeFrom = (int) Math.floor(Math.log10(Math.max(min, MILLIS_MIN)));
        decadeTo = Math.max(decadeFrom + 1, (int) Math.ceil(Math.log10(Math.max(max, MILLIS_MIN))));
    }

    /**
     * @param runs samples of each run, in nanoseconds; at least one sample each
     */
    static String svg(String title, List<long[]> runs) {
        double min = runs.stream()
                        .mapToLong(run -> Arrays.stream(run).min().orElseThrow())
                        .min()
                        .orElseThrow()
                / 1e6;
        double max = runs.stream()
                        .mapToLong(run -> Arrays.stream(run).max().orElseThrow())
                        .max()
                        .orElseThrow()
                / 1e6;
        return new PercentilePlot(min, max).draw(title, runs);
    }

    private String draw(String title, List<long[]> runs) {
        svg.append(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
                <rect width="%d" height="%d" fill="#fff"/>
                <text x="%d" y="26" font-size="15" fill="#222">%s</text>
                """, WIDTH, HEIGHT, WIDTH, HEIGHT, LEFT, title));
        for (double share : SHARES) {
            line(x(share), TOP, x(share), HEIGHT - BOTTOM);
            text(x(share), HEIGHT - BOTTOM + 18, "middle", label(share * 100) + " %");
        }
        for (int decade = decadeFrom; decade <= decadeTo; decade++) {
            double millis = Math.pow(10, decade);
            line(LEFT, y(millis), WIDTH - RIGHT, y(millis));
            text(LEFT - 8, y(millis) + 4, "end", label(millis));
        }
        text(LEFT - 8, TOP - 14, "end", "ms");
        text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 14, "middle", "share of the samples that took no longer");
        runs.forEach(this::curve);
        return svg.append("</svg>\n").toString();
    }

    private void curve(long[] run) {
        svg.append("<polyline fill=\"none\" stroke=\"#2563eb\" stroke-opacity=\"0.7\" stroke-width=\"1.5\" points=\"");
        for (int i = 0; i <= POINTS; i++) {
            double share = 1 - Math.pow(10, -i * stretched(SHARES[SHARES.length - 1]) / POINTS);
            double millis = Figures.percentile(run, share) / 1e6;
            svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(share), y(millis)));
        }
        svg.setLength(svg.length() - 1);
        svg.append("\"/>\n");
    }

    /** Half, nine tenths, 99 hundredths … are about equally far from each other. */
    private static double stretched(double share) {
        return -Math.log10(1 - share);
    }

    private static double x(double share) {
        return LEFT + stretched(share) / stretched(SHARES[SHARES.length - 1]) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double millis) {
        double decade = Math.log10(Math.max(millis, Math.pow(10, decadeFrom)));
        return HEIGHT - BOTTOM - (decade - decadeFrom) / (decadeTo - decadeFrom) * (HEIGHT - TOP - BOTTOM);
    }

    private static String label(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,.0f", value)
                : Double.toString(Math.rint(value * 1e4) / 1e4);
    }

    private void line(double x1, double y1, double x2, double y2) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>%n",
                x1,
                y1,
                x2,
                y2));
    }

    private void text(double x, double y, String anchor, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"#555\">%s</text>%n",
                x,
                y,
                anchor,
                text));
    }
}
