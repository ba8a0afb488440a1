using System.Globalization;
using System.Text;
using System.Text.Json;
using BertSharp.Benchmarks.Comparison;

namespace BertSharp.Benchmarks;

/// <summary>Writes the comparison of tokenizers as a table to read and as JSON to compute with.</summary>
internal static class TokenizerReport
{
    private static readonly (string Name, string Left, string Right)[] s_ratios =
    [
        ("BertSharp ÷ FastBertTokenizer, ids (aim 1.2)", "BertSharp, ids", "FastBertTokenizer, ids"),
        ("BertSharp with offsets ÷ FastBertTokenizer's ids (aim 0.5)", "BertSharp, ids and offsets", "FastBertTokenizer, ids"),
        ("BertSharp ÷ Hugging Face, ids and offsets", "BertSharp, ids and offsets", "Hugging Face, ids and offsets"),
        ("BertSharp, 2 threads ÷ 1", "BertSharp, ids, 2 threads", "BertSharp, ids"),
        ("FastBertTokenizer, 2 threads ÷ 1", "FastBertTokenizer, ids, 2 threads", "FastBertTokenizer, ids"),
        ("BertSharp, one call, 2 cores ÷ 1", "BertSharp, all texts by one call, 2 cores", "BertSharp, all texts by one call, 1 core"),
        ("BertSharp ÷ FastBertTokenizer, ids, 2 threads", "BertSharp, ids, 2 threads", "FastBertTokenizer, ids, 2 threads"),
    ];

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    public static void Write(string folder, string[] versions, TokenizerSet[] sets)
    {
        string cpu = Machine.Processor, file = Path.Combine(folder, $"tokenizers-{Machine.Generation}");
        string date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string command = "BertSharp.Benchmarks tokenizers " + string.Join(' ', Environment.GetCommandLineArgs().Skip(2));
        string runtime = System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription;
        Directory.CreateDirectory(folder);
        File.WriteAllText(file + ".json", JsonSerializer.Serialize(new { date, cpu, cores = Environment.ProcessorCount, runtime, versions, command, sets }, s_json) + "\n");
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Tokenizers: BertSharp and its peers\n\n{date}, {cpu}, {Environment.ProcessorCount} cores, {runtime}; {string.Join("; ", versions)}.\n");
        text.Append(CultureInfo.InvariantCulture, $"Command: `{command}`; vocabulary bert-base-uncased, no truncation, one thread where no other number stands.\n");
        foreach (TokenizerSet set in sets)
        {
            AppendSet(text, set);
        }

        text.Append("\nFastBertTokenizer differs where a word holds an unassigned code point (it is removed; the reference keeps it, so the word is unknown), punctuation or a Chinese character beyond U+FFFF (not set apart), or more than 100 characters (spelled all the same); and at a vertical tab or form feed (taken for a space).\n");
        File.WriteAllText(file + ".md", text.ToString());
        Console.WriteLine(text);
    }

    private static void AppendSet(StringBuilder text, TokenizerSet set)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {set.Name}: {set.Texts:N0} texts, {set.Characters:N0} characters, {set.Tokens:N0} tokens\n\n");
        text.Append("| million tokens a second | median | minimum | maximum |\n|---|---:|---:|---:|\n");
        foreach ((string name, double[] rates) in set.Rates)
        {
            AppendRow(text, name, [.. rates.Select(rate => rate / 1e6)]);
        }

        text.Append("\n| ratio, round by round | median | minimum | maximum |\n|---|---:|---:|---:|\n");
        foreach ((string name, string left, string right) in s_ratios)
        {
            AppendRow(text, name, [.. set.Rates[left].Zip(set.Rates[right], (a, b) => a / b)]);
        }

        foreach (TokenizerDifferences differences in set.Differences)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{differences.Tokenizer}: {differences.Texts} texts with other ids than the Hugging Face tokenizer's.\n");
            text.AppendJoin("", differences.Examples.Select(example => $"- {example}\n"));
        }
    }

    private static void AppendRow(StringBuilder text, string name, double[] values)
    {
        Array.Sort(values);
        text.Append(CultureInfo.InvariantCulture, $"| {name} | {values[values.Length / 2]:F2} | {values[0]:F2} | {values[^1]:F2} |\n");
    }
}
