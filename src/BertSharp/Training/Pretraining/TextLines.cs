namespace BertSharp;

/// <summary>The lines of a corpus's files, one at a time: UTF-8 of any size, compressed where the name ends in .gz.</summary>
internal static class TextLines
{
    /// <summary>Reads a file once, from its start.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tell">Told the number of bytes as lines are read.</param>
    /// <exception cref="DataFileException">There is no such file, or a line is not UTF-8 or too long.</exception>
    public static IEnumerable<string> Read(string path, Action<int>? tell = null)
    {
        using LineReader reader = new(DataFile.Open(path), path);
        for (long before = 0; reader.TryRead(out string? line); before = reader.BytesRead)
        {
            tell?.Invoke((int)(reader.BytesRead - before));
            yield return line;
        }
    }
}
