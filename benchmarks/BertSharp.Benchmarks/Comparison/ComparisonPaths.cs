namespace BertSharp.Benchmarks.Comparison;

/// <summary>Where everything lies; <c>benchmarks/compare/run.sh</c> says where the work folder is.</summary>
/// <param name="Repository">The work tree.</param>
/// <param name="Work">Models and npm's packages, outside the work tree.</param>
internal sealed record ComparisonPaths(string Repository, string Work)
{
    public string Shared => Environment.GetEnvironmentVariable("BERTSHARP_SHARED") ?? Path.GetFullPath(Path.Combine(Repository, "..", "shared"));

    public string Tool => Path.Combine(Repository, "src", "BertSharp.Cli", "bin", "Release", "net10.0", "bert");

    public string Scripts => Path.Combine(Repository, "benchmarks", "compare", "peers");

    public string Modules => Path.Combine(Work, "node", "node_modules");

    public string Results => Path.Combine(Repository, "benchmarks", "results");

    public static ComparisonPaths Find()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "BertSharp.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        string work = Environment.GetEnvironmentVariable("COMPARE_WORK") ?? Path.Combine(Path.GetTempPath(), "bertsharp-compare");
        Directory.CreateDirectory(work);
        return new ComparisonPaths(folder ?? throw new InvalidOperationException("The comparison runs from its work tree: BertSharp.slnx was not found above the program."), work);
    }
}
