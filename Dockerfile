# One static binary and nothing else. Time zones and page files are linked into it, so the
# image needs neither tzdata nor assets.
#
#   docker build -t payoff .
#   docker run -d --name payoff -v payoff:/data -p 127.0.0.1:8080:8080 -e PAYOFF_HTTP=0.0.0.0:8080 payoff
#
# The workspace has no login. By default it listens inside the container alone; the second line
# opens it to this machine, and -p 127.0.0.1: keeps it from the network.

FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
# Named one by one, so that no database, key or history of the folder gets into a layer.
COPY cmd cmd
COPY bot bot
COPY goals goals
COPY storage storage
RUN CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /payoff ./cmd/payoff && mkdir /data

# Certificates for Slack and Discord, and a user who is not root (65532).
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /payoff /payoff
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
WORKDIR /data
ENV PAYOFF_DB=/data/payoff.db
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["/payoff", "doctor", "--health"]
ENTRYPOINT ["/payoff"]
CMD ["serve"]
