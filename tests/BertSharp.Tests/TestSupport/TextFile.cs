using System.IO.Compression;
using System.Text;

namespace BertSharp.Tests;

/// <summary>A file of a test's own, deleted with it.</summary>
internal sealed class TextFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bertsharp-data").FullName;

    /// <summary>Writes a file; one whose name ends in .gz is compressed.</summary>
    public TextFile(string name, string text)
    {
        Path = System.IO.Path.Combine(_folder, name);
        using Stream file = File.Create(Path);
        using Stream stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(Encoding.UTF8.GetBytes(text));
    }

    public string Path { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
