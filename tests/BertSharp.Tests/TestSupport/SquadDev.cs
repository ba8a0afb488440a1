using System.IO.Compression;

namespace BertSharp.Tests;

/// <summary>The development set of SQuAD 1.1.</summary>
internal static class SquadDev
{
    public static IReadOnlyList<SquadQuestion> Read()
    {
        using ZipArchive archive = ZipFile.OpenRead(SharedData.Require("data/squad/dev-v1.1.json.zip"));
        ZipArchiveEntry file = archive.Entries.Single();
        using Stream stream = file.Open();
        return SquadQuestion.Read(stream, file.Name);
    }
}
