using System.Globalization;

namespace BertSharp;

/// <summary>Which documents answer which queries: for each query its judged documents with their grades, 0 for irrelevant.</summary>
internal static class RelevanceJudgments
{
    private static readonly DataFields Fields = new(["query-id", "corpus-id", "score"]);

    /// <summary>Reads a table as BEIR has them (.tsv with titles <c>query-id</c>, <c>corpus-id</c>, <c>score</c>), or any other file as TREC's qrels: topic, iteration, document, grade.</summary>
    /// <exception cref="DataFileException">The file, or a line of it, cannot be used.</exception>
    public static IReadOnlyDictionary<string, Dictionary<string, int>> Read(string path)
    {
        Dictionary<string, Dictionary<string, int>> judgments = [];
        foreach ((string query, string document, string grade, string place) in DataFile.ExtensionOf(path) == ".tsv" ? Beir(path) : Trec(path))
        {
            if (!int.TryParse(grade, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value))
            {
                throw BadRecordException.At(place, $"the grade is '{grade}'; expected a whole number, 0 for irrelevant");
            }

            if (!judgments.TryGetValue(query, out Dictionary<string, int>? documents))
            {
                judgments.Add(query, documents = []);
            }

            if (!documents.TryAdd(document, value))
            {
                throw BadRecordException.At(place, $"document {document} is judged for query {query} a second time; keep one line");
            }
        }

        return judgments;
    }

    private static IEnumerable<(string Query, string Document, string Grade, string Place)> Beir(string path) =>
        DataFile.Read(path, null, Fields, record => (record.Require("query-id"), record.Require("corpus-id"), record.Require("score"), record.Place));

    private static IEnumerable<(string Query, string Document, string Grade, string Place)> Trec(string path)
    {
        using LineReader reader = new(DataFile.Open(path), path);
        while (reader.TryRead(out string? line))
        {
            string[] parts = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length > 0)
            {
                yield return parts is [string query, _, string document, string grade] ? (query, document, grade, reader.Place)
                    : throw BadRecordException.At(reader.Place, $"the line has {parts.Length} parts; expected four: topic, iteration, document, grade");
            }
        }
    }
}
