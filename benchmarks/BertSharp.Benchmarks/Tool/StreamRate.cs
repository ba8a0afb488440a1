using System.Diagnostics;
using System.Globalization;

namespace BertSharp.Benchmarks;

/// <summary>
/// What the tool costs around the library: the same texts by one call of the library in this process and through
/// <c>bert VERB --input FILE</c>, from its start to its end, in turn. Also the tool's largest memory, over all texts and over
/// a tenth of them: it must not grow.
/// </summary>
internal static class StreamRate
{
    /// <param name="tool">The program <c>bert</c>.</param>
    /// <param name="verb">embed, classify or ner.</param>
    /// <param name="model">A model folder; classify takes its shape, with random weights, where it has no such head.</param>
    /// <param name="file">A text a line.</param>
    /// <param name="runs">How often each is timed.</param>
    public static void Run(string tool, string verb, string model, string file, int runs)
    {
        string[] texts = File.ReadAllLines(file);
        string folder = Directory.CreateTempSubdirectory("bert-stream-").FullName;
        try
        {
            string used = verb == "classify" ? Classifier(model, folder) : model;
            string tenth = Path.Combine(folder, "tenth.txt");
            File.WriteAllLines(tenth, texts[..(texts.Length / 10)]);
            (Action<string[]> answer, IDisposable task) = Task(verb, used);
            using (task)
            {
                answer(texts[..(texts.Length / 10)]);
                List<double> ratios = [];
                for (int run = 0; run < runs; run++)
                {
                    double library = Seconds(() => answer(texts));
                    (double process, long peak) = Process(tool, verb, used, file, Path.Combine(folder, "out.jsonl"));
                    ratios.Add(library / process);
                    Say($"{verb}: library {texts.Length / library:N0} texts/s, tool {texts.Length / process:N0} texts/s, {100 * library / process:F1} %; peak {peak >> 20} MB");
                }

                Say($"{verb}: median {100 * ratios.Order().ElementAt(ratios.Count / 2):F1} % of the library's rate; peak with a tenth of the texts {Process(tool, verb, used, tenth, Path.Combine(folder, "out.jsonl")).Peak >> 20} MB");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (Action<string[]> Answer, IDisposable Task) Task(string verb, string model)
    {
        switch (verb)
        {
            case "embed":
                SentenceEmbedder embedder = SentenceEmbedder.Load(model);
                return (texts => embedder.Embed(texts), embedder);
            case "classify":
                TextClassifier classifier = TextClassifier.Load(model);
                return (texts => classifier.Classify(texts), classifier);
            case "ner":
                TokenClassifier tagger = TokenClassifier.Load(model);
                return (texts => tagger.Find(texts), tagger);
            default:
                throw new ArgumentException($"'{verb}' is not measured; expected embed, classify or ner.", nameof(verb));
        }
    }

    private static string Classifier(string model, string folder)
    {
        string target = Path.Combine(folder, "classifier");
        using BertModel shape = BertModel.Load(model);
        using (BertForSequenceClassification head = BertForSequenceClassification.Create(shape.Config))
        {
            head.Save(target);
        }

        BertTokenizer.Load(model).Save(target);
        return target;
    }

    private static (double Seconds, long Peak) Process(string tool, string verb, string model, string file, string output)
    {
        long peak = 0;
        double seconds = Seconds(() =>
        {
            using Process process = System.Diagnostics.Process.Start(tool, [verb, "-m", model, "--input", file, "--format", "jsonl", "--output", output]);
            while (!process.WaitForExit(100))
            {
                process.Refresh();
                peak = Math.Max(peak, process.PeakWorkingSet64);
            }

            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"bert {verb} ended with {process.ExitCode}.");
            }
        });
        return (seconds, peak);
    }

    private static double Seconds(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
