using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace BertSharp.Tests;

/// <summary>A question of SQuAD with the answers of several people.</summary>
internal sealed record SquadQuestion(string Id, string Question, string Context, string[] Answers);

/// <summary>SQuAD 1.1 (Rajpurkar et al. 2016) and its official scores.</summary>
internal static partial class Squad
{
    /// <summary>The questions of each article of the development set.</summary>
    public static IReadOnlyList<SquadQuestion[]> Dev()
    {
        using ZipArchive archive = ZipFile.OpenRead(SharedData.Require("data/squad/dev-v1.1.json.zip"));
        using Stream stream = archive.Entries.Single(entry => entry.Name.EndsWith(".json", StringComparison.Ordinal)).Open();
        using JsonDocument document = JsonDocument.Parse(stream);
        return [.. document.RootElement.GetProperty("data").EnumerateArray().Select(article =>
            article.GetProperty("paragraphs").EnumerateArray().SelectMany(QuestionsOf).ToArray())];
    }

    /// <summary>1 where the answer is one of those given, after normalisation.</summary>
    public static double ExactMatch(string found, string[] given) => given.Max(answer => Normalize(found) == Normalize(answer) ? 1.0 : 0.0);

    /// <summary>The harmonic mean of precision and recall over words, with the best of the answers given.</summary>
    public static double F1(string found, string[] given) => given.Max(answer => F1(Words(found), Words(answer)));

    /// <summary>Lower case, without punctuation (ASCII), articles and further spaces.</summary>
    public static string Normalize(string answer) =>
        string.Join(' ', Article().Replace(string.Concat(answer.ToLowerInvariant().Where(c => !(char.IsAscii(c) && (char.IsPunctuation(c) || char.IsSymbol(c))))), " ")
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static double F1(string[] found, string[] given)
    {
        int common = found.GroupBy(word => word).Sum(group => Math.Min(group.Count(), given.Count(word => word == group.Key)));
        return common == 0 ? 0 : 2.0 * common / (found.Length + given.Length);
    }

    private static string[] Words(string answer) => Normalize(answer).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<SquadQuestion> QuestionsOf(JsonElement paragraph) => paragraph.GetProperty("qas").EnumerateArray().Select(question =>
        new SquadQuestion(question.GetProperty("id").GetString()!, question.GetProperty("question").GetString()!, paragraph.GetProperty("context").GetString()!,
            [.. question.GetProperty("answers").EnumerateArray().Select(answer => answer.GetProperty("text").GetString()!)]));

    [GeneratedRegex(@"\b(a|an|the)\b")]
    private static partial Regex Article();
}
