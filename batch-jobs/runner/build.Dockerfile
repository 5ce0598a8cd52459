# Builds the sources. The images of processes copy from the result. `npm run images` builds this image first,
# from the root of the repository, and never pushes it.
ARG NODE_IMAGE=node:22.23.3-bookworm-slim@sha256:c3de60bf2f9dd0ac6370e6117950ff62d6e339527e7472301c9c78a017978392

FROM ${NODE_IMAGE}
WORKDIR /source
COPY package.json package-lock.json tsconfig.json .npmrc ./
RUN npm ci --ignore-scripts
COPY batch-jobs ./batch-jobs
COPY lambda ./lambda
# The described processes were written by the previous build.
RUN npm run build -- --described
