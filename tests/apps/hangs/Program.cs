Console.WriteLine("this firmware hangs");
while (true)
{
}
