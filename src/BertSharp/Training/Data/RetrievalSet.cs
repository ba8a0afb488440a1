namespace BertSharp;

/// <summary>A test of retrieval: documents, queries, and which belong together.</summary>
/// <param name="Documents">Name and text of each document.</param>
/// <param name="Queries">Name and text of each query.</param>
/// <param name="Judgments">For each query its judged documents with their grades.</param>
internal sealed record RetrievalSet(
    IReadOnlyList<(string Id, string Text)> Documents,
    IReadOnlyList<(string Id, string Text)> Queries,
    IReadOnlyDictionary<string, Dictionary<string, int>> Judgments)
{
    private static readonly DataFields DocumentFields = new(["text"], "id", "_id", "title");
    private static readonly DataFields QueryFields = new(["text"], "id", "_id");

    /// <summary>
    /// Reads a folder as BEIR has them (Thakur et al. 2021): <c>corpus.jsonl</c>, whose text is title, a space and text,
    /// <c>queries.jsonl</c>, and <c>qrels.tsv</c> or <c>qrels/test.tsv</c>. Queries without a judgment are left out, as BEIR does.
    /// </summary>
    /// <exception cref="DataFileException">A file, or a record of it, cannot be used.</exception>
    public static RetrievalSet Read(string folder)
    {
        string flat = Path.Combine(folder, "qrels.tsv");
        IReadOnlyDictionary<string, Dictionary<string, int>> judgments = RelevanceJudgments.Read(File.Exists(flat) ? flat : Path.Combine(folder, "qrels", "test.tsv"));
        return new RetrievalSet(
            DataFile.Read(Path.Combine(folder, "corpus.jsonl"), null, DocumentFields, record => (IdOf(record), $"{record.Find("title")} {record.Find("text")}".Trim())),
            [.. DataFile.Read(Path.Combine(folder, "queries.jsonl"), null, QueryFields, record => (Id: IdOf(record), Text: record.Require("text"))).Where(query => judgments.ContainsKey(query.Id))],
            judgments);
    }

    private static string IdOf(DataRecord record) =>
        record.FindLabel("_id") ?? record.FindLabel("id") ?? throw record.Bad("the record has no \"_id\"");
}
