# What is built from the sources, for the images of processes to copy from. `npm run images` builds it
# first, from the root of the repository, and never pushes it.
ARG NODE_IMAGE=node:22.20.0-bookworm-slim

FROM ${NODE_IMAGE}
WORKDIR /source
COPY package.json package-lock.json tsconfig.json .npmrc ./
RUN npm ci --ignore-scripts
COPY batch-jobs ./batch-jobs
COPY lambda ./lambda
# The described processes are those that the build before wrote.
RUN npm run build -- --described
