/**
 * The web console for operators: server-rendered pages with live updates by htmx and a small script.
 *
 * <p>Read {@link dev.rung.console.ConsoleRoutes} first: it lists all pages. Pages read through the ports and make changes by calling the API
 * in-process as the signed-in caller, so that validation, permissions and audit are the API's.
 */
@NullMarked
package dev.rung.console;

import org.jspecify.annotations.NullMarked;
