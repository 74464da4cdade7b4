/**
 * The web console for operators: server-rendered pages with live updates by htmx and a small script.
 *
 * <p>{@link dev.rung.console.ConsoleMvcConfiguration} lists all pages, {@code ConsoleSecurityConfiguration} says who may see and change what. Pages
 * read through the ports and make changes by the services of the API, so that validation and audit are the API's.
 */
@NullMarked
package dev.rung.console;

import org.jspecify.annotations.NullMarked;
