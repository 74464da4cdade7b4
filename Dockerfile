# The image of Rung: docker build -t rung .
# It runs as a user without rights and with a read-only root file system (docker run --read-only --tmpfs /tmp); /data is
# for embedded storage. /app has its bill of materials (CycloneDX) and the licenses of its libraries.
FROM eclipse-temurin:25-jdk@sha256:97014c4b396021f9ddb7d592a7dbedb0c4e4215c29e03dc01c393558aefb71c2 AS build
# mvnw unpacks Maven's zip file, whose checksum it knows, with unzip.
RUN apt-get update && apt-get install -y --no-install-recommends unzip && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
# Maven's downloads are cached between builds, in a folder beside the sources. Tests and code checks are left to ./verify.
RUN --mount=type=cache,target=/src/.maven \
    MAVEN_USER_HOME=/src/.maven ./mvnw --batch-mode --no-transfer-progress -Dmaven.repo.local=/src/.maven/repository \
      -Pdistribution -pl server -am package -Dmaven.test.skip=true -Dspotless.check.skip=true -Dstrict.skip=true \
    && java -Djarmode=tools -jar server/target/rung.jar extract --destination /app \
    && cp server/target/classes/META-INF/sbom/application.cdx.json server/target/classes/META-INF/THIRD-PARTY.txt /app

FROM eclipse-temurin:25-jre@sha256:bb036ed6cfdc57e3da7c22634d15f1b840d2caf76183861c80e81ca4b5104abb
COPY --from=build /app /app
COPY scripts/train-app.sh scripts/healthcheck.sh /app/
# A start-up cache works only with the JVM that made it, so it is made in this stage.
RUN /app/train-app.sh /app \
    && useradd --uid 10001 --user-group --home-dir /data --create-home rung
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
ENV RUNG_BIND=0.0.0.0 RUNG_DATA_DIR=/data
HEALTHCHECK --interval=5s --timeout=4s --start-period=60s CMD ["/app/healthcheck.sh"]
ENTRYPOINT ["java", "-XX:+ExitOnOutOfMemoryError", "-XX:AOTCache=/app/server.aot", "-Xlog:disable", "-Xlog:all=warning:stderr", "-Xlog:aot*=off:stderr", "-Xlog:cds*=off:stderr", "-jar", "/app/rung.jar"]
CMD ["serve"]
