namespace BertSharp.Tests;

public sealed class TextLinesTests
{
    [Fact]
    public void Lines_come_without_their_ends_and_without_the_byte_order_mark()
    {
        using CheckpointFiles files = new();
        string path = files.Path("x.txt");
        File.WriteAllText(path, "\uFEFFone\r\n\ntwo\uFEFF\nlast");
        Assert.Equal(["one", "", "two\uFEFF", "last"], TextLines.Read(path));
    }

    [Fact]
    public void A_line_that_is_longer_than_the_buffer_is_whole()
    {
        using CheckpointFiles files = new();
        string[] lines = [new('a', 1_500_000), "b", new('c', 3_000_001), ""];
        File.WriteAllLines(files.Path("x.txt"), lines);
        long told = 0;
        Assert.Equal(lines, TextLines.Read(files.Path("x.txt"), bytes => told += bytes));
        Assert.Equal(new FileInfo(files.Path("x.txt")).Length, told);
    }

    [Fact]
    public void What_is_not_UTF8_is_an_error_that_names_the_line()
    {
        using CheckpointFiles files = new();
        string path = files.Path("x.txt");
        File.WriteAllBytes(path, [.. "one\ntwo\n"u8, 0xFF, (byte)'\n']);
        DataFileException error = Assert.ThrowsAny<DataFileException>(() => TextLines.Read(path).Count());
        Assert.StartsWith($"{path}:3: not UTF-8 text", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_compressed_file_is_read_as_its_content()
    {
        using CheckpointFiles files = new();
        string path = files.Path("x.txt.gz");
        using (System.IO.Compression.GZipStream stream = new(File.Create(path), System.IO.Compression.CompressionLevel.Fastest))
        {
            stream.Write("one\ntwo"u8);
        }

        Assert.Equal(["one", "two"], TextLines.Read(path));
    }
}
