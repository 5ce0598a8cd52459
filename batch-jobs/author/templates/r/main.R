# {{title}}. Its inputs and outputs are described in process.yaml.

inputs <- jsonlite::fromJSON(Sys.getenv("WPS_INPUTS"), simplifyVector = FALSE)
name <- inputs$name[[1]]$value
times <- as.integer(inputs$times[[1]]$value)

lines <- character(0)
for (done in seq_len(times)) {
  lines <- c(lines, paste0("Hello, ", name, "!"))
  cat(sprintf("PROGRESS %d greeting %d of %d\n", as.integer(100 * done / times), done, times))
}
writeLines(lines, file.path(Sys.getenv("WPS_OUTPUT_DIR"), "greeting"))
