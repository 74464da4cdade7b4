/**
 * What every call has in common, whatever it is about: the table of routes, who calls, how a body is read and checked, how errors
 * look. {@link dev.rung.web.ApiServlet} is the way in.
 *
 * <p>It is a plain servlet and not a web framework because the intake's cost is counted in microseconds, and because this API cuts
 * payloads out of request bytes unchanged, which no message converter does.
 */
@NullMarked
package dev.rung.web;

import org.jspecify.annotations.NullMarked;
