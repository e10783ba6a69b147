#!/bin/sh
# Starts the packaged service and asks it for a greeting.
set -eu
: >target/smoke.log
java -jar target/greeter-1.2.0.jar 0 >target/smoke.log 2>&1 &
service=$!
trap 'kill $service' EXIT
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  port=$(sed -n 's/Greeting on port //p' target/smoke.log)
  [ -n "$port" ] && break
  sleep 0.25
done
[ -n "$port" ] || { echo 'the service did not start'; exit 1; }
curl -fsS "http://localhost:$port/greet?name=Ada"
