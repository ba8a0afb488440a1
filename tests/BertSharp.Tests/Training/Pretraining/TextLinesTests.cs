namespace BertSharp.Tests;

public sealed class TextLinesTests
{
    [Fact]
    public void Lines_come_without_their_ends_and_without_the_byte_order_mark()
    {
        using CheckpointFiles files = new();
        string path = files.Path("x.txt");
        File.WriteAllText(path, "\uFEFFone\r\n\ntwo\uFEFF\nlast");
        Assert.Equal(["one", "", "two\uFEFF", "last"], new TextLines(path).Read());
    }

    [Fact]
    public void A_line_that_is_longer_than_the_buffer_is_whole()
    {
        using CheckpointFiles files = new();
        string[] lines = [new('a', 1_500_000), "b", new('c', 3_000_001), ""];
        File.WriteAllLines(files.Path("x.txt"), lines);
        long told = 0;
        Assert.Equal(lines, new TextLines(files.Path("x.txt"), bytes => told += bytes).Read());
        Assert.Equal(new FileInfo(files.Path("x.txt")).Length, told);
    }

    [Fact]
    public void What_is_not_UTF8_is_an_error_that_names_the_line()
    {
        using CheckpointFiles files = new();
        string path = files.Path("x.txt");
        File.WriteAllBytes(path, [.. "one\ntwo\n"u8, 0xFF, (byte)'\n']);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => new TextLines(path).Read().Count());
        Assert.Equal($"{path}: line 3: expected UTF-8, found other bytes; save the file as UTF-8", error.Message);
    }
}
