/**
 * The console: pages for the people who run Rung, rendered here and kept live by a little script.
 *
 * <p>Read {@link dev.rung.console.ConsoleRoutes} first: it is the table of all pages. Pages read through the ports; what they change they
 * change by calling the API in the process, as whoever signed in, so that rules, rights and audit are the API's.
 */
@NullMarked
package dev.rung.console;

import org.jspecify.annotations.NullMarked;
