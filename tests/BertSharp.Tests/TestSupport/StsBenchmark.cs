namespace BertSharp.Tests;

/// <summary>STS-B (Cer et al. 2017). Its .csv files have no titles; dev and test have tabs between fields and no quotes. Rows of the training file are damaged.</summary>
internal static class StsBenchmark
{
    private static readonly DataOptions Tabs = new() { Columns = DataOptions.ParseColumns("score=5,sentence1=6,sentence2=7"), Header = false, Delimiter = '\t' };

    public static IReadOnlyList<ScoredPair> Train(Action<string> skipBad) => ScoredPair.Read(SharedData.Require("data/stsbenchmark/sts-train.csv"), Tabs with { Delimiter = ';', SkipBad = skipBad });

    public static IReadOnlyList<ScoredPair> Dev() => ScoredPair.Read(SharedData.Require("data/stsbenchmark/sts-dev.csv"), Tabs);

    public static IReadOnlyList<ScoredPair> Test() => ScoredPair.Read(SharedData.Require("data/stsbenchmark/sts-test.csv"), Tabs);
}
