"""Words that everybody uses: ids, time, people, labels and errors. Imports nothing of Muster."""
