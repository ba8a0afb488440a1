namespace BertSharp.Cli.Tests.TestSupport;

/// <summary>
/// A folder of its own for the tools that are run: the files that the examples of <c>--help</c> name, and a Hugging Face
/// cache whose models are links into the shared folder.
/// </summary>
internal static class Workplace
{
    private static readonly Lazy<string> Root = new(Create);

    /// <summary>Where the tools run.</summary>
    public static string Folder => Root.Value;

    public static string Cache => Path.Combine(Root.Value, "hub");

    /// <summary>The full path of a file with the given text.</summary>
    public static string Write(string name, string text)
    {
        string path = Path.Combine(Root.Value, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A path that nothing lies at.</summary>
    public static string New() => Path.Combine(Root.Value, Guid.NewGuid().ToString("N"));

    private static string Create()
    {
        string root = Directory.CreateTempSubdirectory("bert-cli-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(root, recursive: true);
        File.WriteAllText(Path.Combine(root, "texts.txt"), "A man is eating food.\nThe girl carries a baby.\n\nSomeone rides a horse.\n");
        File.WriteAllText(Path.Combine(root, "texts.jsonl"), """
            {"text": "Who was Jim Henson?", "text_pair": "Jim Henson was a puppeteer, known to children and adults alike all over the world."}
            {"text": "Hello there."}

            """);
        File.WriteAllText(Path.Combine(root, "texts.csv"), "id,title\n1,\"A man, eating\"\n2,\"She said \"\"no\"\"\ntwice\"\n");
        File.WriteAllText(Path.Combine(root, "masks.txt"), "The capital of France is [MASK].\n[MASK] eats [MASK] food.\n");
        Directory.CreateDirectory(Path.Combine(root, "novels"));
        File.WriteAllText(Path.Combine(root, "novels", "one.txt"), "It rained all day. The road\nwas wet, and nobody came.\n\n\nThe next day it snowed.\n");
        File.WriteAllText(Path.Combine(root, "articles.txt"), "Bread is baked.\nIt is made of flour.\nFlour is ground.\n\nA river flows.\nIt ends in the sea.\n");
        RandomModels.Save(Path.Combine(root, "hub"));
        RandomModels.SaveAdapter(Path.Combine(root, "hub"), Path.Combine(root, "my-adapter"));
        File.WriteAllText(Path.Combine(root, "questions.jsonl"), """
            {"question": "Where did Ada live?", "context": "Ada Lovelace lived in London."}
            {"question": "Who built the tower?", "context": "It rained for three days."}

            """);
        File.WriteAllText(Path.Combine(root, "questions.csv"), "question,paragraph\nWhere did Ada live?,\"Ada Lovelace lived in London, they say.\"\n");
        File.WriteAllText(Path.Combine(root, "reviews.tsv"), "sentence\tlabel\na man is eating\t1\nthe food\t0\nhe eats\t1\n");
        File.WriteAllText(Path.Combine(root, "names.conll"), "Ada\tB-person\nLovelace\tI-person\nsleeps\tO\n\nHello\tO\n");
        File.WriteAllText(Path.Combine(root, "answers.jsonl"), """
            {"id": "1", "question": "Where did Ada live?", "context": "Ada Lovelace lived in London.", "answers": {"text": ["London"], "answer_start": [22]}}
            {"id": "2", "question": "Who built the tower?", "context": "It rained for three days.", "answers": {"text": [], "answer_start": []}}

            """);
        File.WriteAllText(Path.Combine(root, "pairs.csv"), "5,A man eats.,\"A man is eating, they say.\"\n0.5,A man eats.,The tower is high.\n1.5,A girl sings.,A man sings.\n");
        if (SharedData.Root is { } shared)
        {
            Link(root, "model", Path.Combine(shared, "models", "real", "all-MiniLM-L6-v2"));
            Link(root, "hub/models--sentence-transformers--all-MiniLM-L6-v2/snapshots/c0", Path.Combine(shared, "models", "real", "all-MiniLM-L6-v2"));
            Link(root, "hub/models--minilm-wnut17/snapshots/c0", Path.Combine(shared, "models", "real", "minilm-wnut17"));
            Link(root, "hub/models--minilm-squad/snapshots/c0", Path.Combine(shared, "models", "real", "minilm-squad"));
            Link(root, "hub/models--bert-base-uncased/snapshots/c0", Path.Combine(shared, "tokenizers", "bert-base-uncased"));
        }

        return root;
    }

    private static void Link(string root, string name, string target)
    {
        string link = Path.Combine(root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        Directory.CreateSymbolicLink(link, target);
    }
}
