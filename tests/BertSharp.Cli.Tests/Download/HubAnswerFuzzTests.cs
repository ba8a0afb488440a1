namespace BertSharp.Cli.Tests.Download;

/// <summary>Answers of HTTP, mutated: status lines, headers, listings and files.</summary>
public sealed class HubAnswerFuzzTests(ITestOutputHelper output) : IDisposable
{
    private readonly HubServer _server = new();

    [Fact]
    public async Task Random_answers_give_clear_errors_or_the_right_file()
    {
        int seed = Random.Shared.Next(), right = 0, refused = 0;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        foreach (string file in _server.Files.Keys.Except(["config.json"]).ToArray())
        {
            _server.Files.Remove(file); // One small file: what is fuzzed is the talk.
        }

        _server.Before = request => new HubReply(0) { Raw = Mutate(_server.Reply(request).Bytes, random) };
        for (int i = 0; i < 400; i++)
        {
            Downloader downloader = new(_server);
            downloader.Settings = downloader.Settings with { Stall = TimeSpan.FromSeconds(20) };
            try
            {
                await downloader.Run();
                Assert.Equal(_server.Files["config.json"], File.ReadAllBytes(Path.Combine(downloader.Resolve()!, "config.json")));
                right++;
            }
            catch (CliException error)
            {
                Assert.DoesNotContain(error.Message, char.IsControl);
                refused++;
            }
        }

        output.WriteLine($"{right} right, {refused} refused");
        Assert.True(right > 20 && refused > 20, $"{right} right, {refused} refused");
    }

    public void Dispose() => _server.Dispose();

    // Bytes changed, put in, or left out, in a part of the answers.
    private static byte[] Mutate(byte[] answer, Random random)
    {
        List<byte> bytes = [.. answer];
        int end = Math.Min(bytes.Count, answer.AsSpan().IndexOf("\r\n\r\n"u8) + 60);
        for (int n = random.Next(3); n > 0; n--)
        {
            int at = random.Next(end - 1);
            switch (random.Next(3))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.Insert(at, (byte)"0:\r\n-;,9"[random.Next(8)]); break;
                default: bytes.RemoveAt(at); end--; break;
            }
        }

        return [.. bytes];
    }
}
