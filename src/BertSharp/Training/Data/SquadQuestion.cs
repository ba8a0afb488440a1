using System.Text.Json;

namespace BertSharp;

/// <summary>A question of SQuAD (Rajpurkar et al. 2016, 2018) or of a file like it.</summary>
/// <param name="Id">Its name; where the file has none, file and line.</param>
/// <param name="Question">The question.</param>
/// <param name="Context">The text that answers it, or does not.</param>
/// <param name="Answers">The answers of several people; none: the context does not answer the question (SQuAD 2.0).</param>
/// <param name="Title">The article that the context is of; null where the file does not say.</param>
internal sealed record SquadQuestion(string Id, string Question, string Context, IReadOnlyList<SquadAnswer> Answers, string? Title = null)
{
    private static readonly DataFields Fields = new(["question", "context", "answers"], "id", "title");

    /// <summary>Reads JSONL with <c>question</c>, <c>context</c> and <c>answers</c>, or any other file as SQuAD's JSON, 1.1 or 2.0.</summary>
    /// <exception cref="DataFileException">The file, or a question of it, cannot be used.</exception>
    public static IReadOnlyList<SquadQuestion> Read(string path, DataOptions? options = null)
    {
        if (DataFile.IsJsonl(path))
        {
            return DataFile.Read(path, options, Fields, record => Of((JsonRecord)record, record.Require("context"), record.Find("title")));
        }

        using Stream stream = DataFile.Open(path);
        return Read(stream, path);
    }

    /// <summary>Reads SQuAD's JSON, 1.1 or 2.0.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <exception cref="DataFileException">The file, or a question of it, cannot be used.</exception>
    public static IReadOnlyList<SquadQuestion> Read(Stream stream, string name)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(stream);
            return [.. from article in new JsonRecord(document.RootElement, name).Objects("data")
                       from paragraph in article.Objects("paragraphs")
                       let context = paragraph.Require("context")
                       from question in paragraph.Objects("qas")
                       select Of(question, context, article.Find("title"))];
        }
        catch (Exception error) when (error is JsonException or InvalidDataException)
        {
            throw new DataFileException($"{name}: not the JSON of SQuAD: {error.Message} Give examples a line as .jsonl.");
        }
    }

    private static SquadQuestion Of(JsonRecord record, string context, string? title)
    {
        string question = record.Require("question");
        SquadAnswer[] answers = record.Property("is_impossible") is { ValueKind: JsonValueKind.True } ? [] : [.. AnswersOf(record, context)];
        return new SquadQuestion(record.FindLabel("id") ?? record.Place, question, context, answers, title);
    }

    // SQuAD has objects with text and answer_start; JSONL has one object with an array of each, as transformers' datasets do, or one of each.
    private static IEnumerable<SquadAnswer> AnswersOf(JsonRecord record, string context)
    {
        if (record.Property("answers") is not { ValueKind: JsonValueKind.Object } pair)
        {
            return record.Objects("answers").Select(answer => SquadAnswer.Of(answer.Require("text"), StartOf(answer.FindLabel("answer_start")), context, answer));
        }

        JsonRecord answers = new(pair, $"{record.Place}: answers");
        IReadOnlyList<string> texts = Several(answers, "text"), starts = Several(answers, "answer_start");
        return texts.Count == starts.Count ? texts.Zip(starts, (text, start) => SquadAnswer.Of(text, StartOf(start), context, answers))
            : throw answers.Bad($"there are {texts.Count} texts and {starts.Count} of answer_start; expected as many");
    }

    private static IReadOnlyList<string> Several(JsonRecord answers, string name) =>
        answers.Property(name) is { ValueKind: JsonValueKind.Array } ? answers.RequireList(name) : [answers.FindLabel(name) ?? throw answers.Bad($"there is no \"{name}\"")];

    private static int StartOf(string? text) => DataRecord.NumberOf(text ?? "") is >= 0 and <= int.MaxValue and double start && start == Math.Floor(start) ? (int)start : -1;
}
