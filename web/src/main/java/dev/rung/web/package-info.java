/**
 * What the controllers of the API and the console share: callers and their authentication, reading of bodies and queries, JSON, problem documents.
 *
 * <p>JSON is read and written by hand: requests are checked strictly, all errors are reported together, and payloads keep their bytes. See the ADR
 * {@code spring-at-the-edges}.
 */
@NullMarked
package dev.rung.web;

import org.jspecify.annotations.NullMarked;
