/** The Java SDK: typed calls of the API, and the verifier for those who receive notifications. */
@NullMarked
package dev.rung.client;

import org.jspecify.annotations.NullMarked;
